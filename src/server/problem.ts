/** The body of every error response. `code` is stable, `message` is for people. `requestId` is added when it leaves (`showRequestIds`). */
export const problem = (code: string, message: string) => ({ error: { code, message } })
