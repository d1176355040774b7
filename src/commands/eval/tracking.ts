import { matchedFaces } from '../../evaluate/matched-faces.ts'
import { compareTracks, readTracks } from '../../evaluate/read-tracks.ts'
import { trackingPage, trackingTable } from '../../evaluate/report/reports.ts'
import { scoreTracking } from '../../evaluate/tracking.ts'
import { outputOptions, parseWithFiles, report } from './arguments.ts'

const help = `rollcall eval tracking TRUTH PREDICTED [--json] [--html FILE]

Compares tracks with the truth: IDF1, HOTA, AssA, DetA, MOTA, ID switches. Each file is one of
  MOT          frame,id,left,top,width,height,…
  JSON lines   {"frame": 1, "id": "anna", "box": [x, y, width, height]}
               {"frame": 1, "faces": [{"id" or "person", "box"}]}
               Rollcall's own events (frame is their seq; faces without a person are left out)
Both files must use the same unit for boxes and the same frame numbers.`

/** `rollcall eval tracking`. Resolves to 0; throws USAGE for options or files that cannot be read. */
export const tracking = async (args: readonly string[]): Promise<number> => {
  const { values, files } = parseWithFiles('tracking', args, outputOptions, ['TRUTH', 'PREDICTED'])
  if (values.help) {
    console.log(help)
    return 0
  }
  const [truth, predicted] = [await readTracks(files[0] ?? ''), await readTracks(files[1] ?? '')]
  const frames = compareTracks(truth, predicted)
  const result = scoreTracking(frames)
  await report(values, {
    result,
    text: [trackingTable(result)],
    page: () => trackingPage(result, matchedFaces(frames)),
  })
  return 0
}
