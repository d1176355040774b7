import { dirname, join } from 'node:path'
import type { MtcnnDescriptor } from './descriptor.ts'

/** R-Net's and O-Net's files, beside P-Net's. */
export const partsOf = (
  file: string,
  { refine, output }: MtcnnDescriptor,
): readonly [refine: string, output: string] => [join(dirname(file), refine), join(dirname(file), output)]
