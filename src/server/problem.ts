/** The body of every answer that is an error. `code` never changes, `message` is for people. */
export const problem = (code: string, message: string) => ({ error: { code, message } })
