/** Why the server did not do what was asked, in its own words. */
export class ApiError extends Error {
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number
  /** The stable code of the problem, such as `UNKNOWN_PERSON`. */
  readonly code: string
  /** What to do; empty when the server says nothing of it. */
  readonly remedy: string
  /** The facts of the message, for programs; what they are depends on the code. */
  readonly details: object | undefined

  constructor(status: number, code: string, message: string, remedy = '', details?: object) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.remedy = remedy
    this.details = details
  }
}

/** What went wrong, and what to do about it, in one line. */
export const errorWords = (error: unknown): string => {
  if (!(error instanceof ApiError)) return (error as Error).message
  return error.remedy === '' ? error.message : `${error.message}. ${error.remedy}`
}

/** Requests to the server. Each rejects with an `ApiError`. Paths begin with `/`. */
export interface Api {
  get<Answer>(path: string): Promise<Answer>
  post<Answer>(path: string, body?: unknown): Promise<Answer>
  patch<Answer>(path: string, body?: unknown): Promise<Answer>
  put<Answer>(path: string, body?: unknown): Promise<Answer>
  delete<Answer>(path: string, body?: unknown): Promise<Answer>
  /** Sends a form with files. */
  upload<Answer>(path: string, form: FormData): Promise<Answer>
  /** The bytes at this path, such as a photo. */
  blob(path: string): Promise<Blob>
}

/** A request without an answer fails after this time. */
const patienceMs = 20_000
const uploadPatienceMs = 120_000

interface Problem {
  readonly error?: {
    readonly code?: string
    readonly message?: string
    readonly remedy?: string
    readonly details?: object
  }
}

const refusal = async (response: Response): Promise<ApiError> => {
  const { error } = (await response.json().catch(() => ({}))) as Problem
  return new ApiError(
    response.status,
    error?.code ?? `HTTP_${response.status}`,
    error?.message ?? `the server answered ${response.status} ${response.statusText}`.trim(),
    error?.remedy,
    error?.details,
  )
}

/** `onUnauthorized` is called when the session has ended meanwhile. */
export const createApi = (onUnauthorized: () => void = () => undefined): Api => {
  const ask = async (method: string, path: string, body?: unknown, patience = patienceMs): Promise<Response> => {
    const isForm = body instanceof FormData
    const response = await fetch(path, {
      method,
      headers: body !== undefined && !isForm ? { 'content-type': 'application/json' } : {},
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(patience),
    }).catch(() => {
      throw new ApiError(0, 'NO_ANSWER', 'Rollcall does not answer', 'Try again when the connection is back.')
    })
    if (response.status === 401 && path !== '/api/session') onUnauthorized()
    if (!response.ok) throw await refusal(response)
    return response
  }
  const json = async <Answer>(method: string, path: string, body?: unknown, patience?: number): Promise<Answer> => {
    const response = await ask(method, path, body, patience)
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }
  return {
    get: (path) => json('GET', path),
    post: (path, body) => json('POST', path, body),
    patch: (path, body) => json('PATCH', path, body),
    put: (path, body) => json('PUT', path, body),
    delete: (path, body) => json('DELETE', path, body),
    upload: (path, form) => json('POST', path, form, uploadPatienceMs),
    blob: async (path) => (await ask('GET', path)).blob(),
  }
}
