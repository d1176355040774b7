import type { DetectorDescriptor } from '../src/vision/descriptor.ts'
import { type Detector, openDetector } from '../src/vision/detector.ts'
import { chooseModel, describeModels } from '../src/vision/model-files.ts'

/** One detector of a models directory on one CPU thread, as Rollcall opens it. */
export const openOn = async (
  directory: string,
  name: string,
  { side = 960, minScore = null }: { readonly side?: number; readonly minScore?: number | null } = {},
): Promise<Detector> => {
  const file = chooseModel(await describeModels(directory), directory, 'detector', name)
  return openDetector(
    { ...file, descriptor: file.descriptor as DetectorDescriptor },
    { providers: ['cpu'], threads: 1, side, minScore, nms: null, batchSizes: [1], onFallback: () => undefined },
  )
}
