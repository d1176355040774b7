/** A share 0–1 as per cent with two decimals. */
export const percent = (value: number): string => `${(100 * value).toFixed(2)} %`
/** A number with three decimals. */
export const three = (value: number): string => value.toFixed(3)
/** A number with four decimals. */
export const four = (value: number): string => value.toFixed(4)
/** A number with two decimals. */
export const two = (value: number): string => value.toFixed(2)
