/** Number of single-letter insertions, deletions, replacements and swaps between two words. */
export const editDistance = (from: string, to: string): number => {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1)
      current[column] = Math.min(replaced, previous[column] + 1, current[column - 1] + 1)
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) current[column] = Math.min(current[column], beforePrevious[column - 2] + 1)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[to.length]
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, "")

/** How far a known word is from a wanted one; what the known word has beyond its beginning counts little. */
const distanceTo = (wanted: string, known: string): number => {
  const whole = editDistance(wanted, known)
  if (wanted.length > 2 && (known.includes(wanted) || wanted.includes(known))) return Math.min(1, whole)
  return wanted.length > 3 ? Math.min(whole, 1 + editDistance(wanted, known.slice(0, wanted.length))) : whole
}

/** The known words nearest to `word`, best first; none when nothing is near. */
export const nearest = (word: string, known: readonly string[], count = 3): string[] => {
  const wanted = plain(word)
  const allowed = Math.max(2, Math.ceil(wanted.length * 0.4))
  return known
    .map((name) => ({ name, distance: distanceTo(wanted, plain(name)) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((first, second) => first.distance - second.distance)
    .slice(0, count)
    .map(({ name }) => name)
}

/** `did you mean "a" or "b"?`, or undefined when nothing is near. */
export const suggestion = (word: string, known: readonly string[]): string | undefined => {
  const names = nearest(word, known)
  return names.length === 0 ? undefined : `did you mean ${names.map((name) => `"${name}"`).join(" or ")}?`
}
