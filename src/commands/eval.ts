import { named } from './arguments.ts'
import { calibrate } from './eval/calibrate.ts'
import { clustering } from './eval/clustering.ts'
import { identities } from './eval/identities.ts'
import { paper } from './eval/paper.ts'
import { quality } from './eval/quality.ts'
import { tracking } from './eval/tracking.ts'
import { verification } from './eval/verification.ts'

const evaluations: Record<
  string,
  { readonly run: (args: readonly string[]) => Promise<number>; readonly what: string }
> = {
  verification: { run: verification, what: 'do two photos show one person? Accuracy, EER, VAL at FAR (FaceNet)' },
  clustering: { run: clustering, what: 'labels compared with the truth: BCubed, pairwise, NMI, WCP' },
  tracking: { run: tracking, what: 'tracks compared with the truth: IDF1, HOTA, MOTA, ID switches' },
  identities: { run: identities, what: 'do people keep their IDs? The engine compared with simpler methods' },
  paper: { run: paper, what: 'FaceNet’s tables on your photos: JPEG quality, face size, dimensions, models' },
  quality: { run: quality, what: 'does quality say how far an embedding can be trusted? Calibration plots' },
  calibrate: { run: calibrate, what: 'what do an embedder’s cosines mean? P(same), VAL at FAR, EER' },
}

const help = `rollcall eval WHAT [OPTIONS] [--json] [--html FILE]

${Object.entries(evaluations)
  .map(([name, { what }]) => `  ${name.padEnd(13)} ${what}`)
  .join('\n')}

rollcall eval WHAT --help explains its options; docs/evaluation.md says what each number means.`

/** Runs one evaluation. Resolves to its exit code; throws USAGE for an unknown one. */
export const evaluate = async ([name, ...args]: readonly string[]): Promise<number> => {
  if (name === undefined || name === '--help' || name === '-h') {
    console.log(help)
    return name === undefined ? 2 : 0
  }
  return named('evaluation', name, evaluations, 'see rollcall eval --help').run(args)
}
