/** The body of every error response. `code` is stable, `message` is for people. */
export const problem = (code: string, message: string) => ({ error: { code, message } })
