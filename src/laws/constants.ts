/** Faraday constant [C/mol]. @source CODATA 2018 */
export const faraday = 96485.33212
/** Molar gas constant [J/(mol·K)]. @source CODATA 2018 */
export const gasConstant = 8.314462618
/** Avogadro constant [1/mol]. @source SI (2019), exact */
export const avogadro = 6.02214076e23
