import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const shipped = resolve(import.meta.dirname, '../../models')

/**
 * Writes another embedder, `wider.onnx`, and the shipped detector into a folder: the shipped embedder, which sees faces wider and in
 * other colours. So tests have two embedders on every machine. Returns its path.
 */
export const widerModel = (folder: string): string => {
  const file = join(folder, 'wider.onnx')
  copyFileSync(join(shipped, 'embedder.onnx'), file)
  // A field that no reader knows: another SHA-256, the same graph.
  appendFileSync(file, Buffer.from([0xfa, 0x3f, 0x01, 0x21]))
  const descriptor = JSON.parse(readFileSync(join(shipped, 'embedder.json'), 'utf8'))
  const template = descriptor.template.map(([x, y]: [number, number]) => [56 + 0.93 * (x - 56), 56 + 0.93 * (y - 56)])
  writeFileSync(join(folder, 'wider.json'), JSON.stringify({ ...descriptor, template, channels: 'bgr' }))
  for (const name of ['detector.onnx', 'detector.json']) copyFileSync(join(shipped, name), join(folder, name))
  return file
}
