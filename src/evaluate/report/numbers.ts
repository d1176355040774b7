export const percent = (value: number): string => `${(100 * value).toFixed(2)} %`
export const three = (value: number): string => value.toFixed(3)
export const four = (value: number): string => value.toFixed(4)
export const two = (value: number): string => value.toFixed(2)
