/** Faraday constant [C/mol]. @source CODATA 2018 */
export const faraday = 96485.33212
/** Molar gas constant [J/(mol·K)]. @source CODATA 2018 */
export const gasConstant = 8.314462618
