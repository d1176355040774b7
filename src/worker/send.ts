import type { FromVision } from '../ipc/messages.ts'

/** Sends to the identity process. Resolves when the message and every earlier one have left this process, or when the parent is gone. */
export const send = (message: FromVision): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve())
    else resolve()
  })
