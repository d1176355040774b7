import type { ServerResponse } from 'node:http'

/** Resolves when more can be written, or nobody reads any more. */
export const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
