import type { Quirks } from '../quirks.ts'

/** Changes what a camera answers. */
export type AnswerQuirk = NonNullable<Quirks['answer']>

/** Answers a method with other headers: each replaces the one of its name, and undefined leaves it out. */
export const withHeaders =
  (method: string, headers: Readonly<Record<string, string | undefined>>): AnswerQuirk =>
  (proper, request) => {
    if (request.method !== method || proper.status !== 200) return proper
    const all = Object.entries({ ...proper.headers, ...headers })
    return {
      ...proper,
      headers: Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    }
  }

/** Answers DESCRIBE with a Content-Base made from the URL that was asked for. */
export const withBase =
  (baseOf: (url: string) => string): AnswerQuirk =>
  (proper, request, past) =>
    request.method === 'DESCRIBE'
      ? withHeaders('DESCRIBE', { 'Content-Base': baseOf(request.uri) })(proper, request, past)
      : proper

/** Answers with one header changed, where it is there. */
export const withChanged =
  (name: string, change: (value: string) => string): AnswerQuirk =>
  (proper) => {
    const value = proper.headers?.[name]
    return typeof value === 'string' ? { ...proper, headers: { ...proper.headers, [name]: change(value) } } : proper
  }
