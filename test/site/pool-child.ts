/** A worker of the pool's tests: one whose first camera is `bad` dies at once, others say who they are until they are told to stop. */
process.once('message', ({ start }: { start: { cameras: readonly string[]; name: string } }) => {
  if (start.cameras[0] === 'bad') process.exit(7)
  const say = (words: string): void => void process.send?.({ type: 'metrics', metrics: [{ name: words }] })
  process.on('message', (message: { type: string; cameras?: readonly string[] }) => {
    if (message.type === 'stop') process.exit(0)
    say(`${message.type} ${message.cameras?.join(' ')}`)
  })
  say(`${start.name} has ${start.cameras.join(' ')}`)
})
