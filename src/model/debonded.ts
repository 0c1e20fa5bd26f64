/** Damage up to which a point of an interface counts as bonded. */
export const bondedDamage = 0.99
