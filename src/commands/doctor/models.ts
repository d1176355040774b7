import type { Config } from '../../config/config.ts'
import { describeError } from '../../errors.ts'
import { diagnoseModels, diagnoseProviders } from '../../vision/diagnose.ts'
import { chooseModel, type ModelFile } from '../../vision/model-files.ts'
import { shippedModels } from '../../vision/options.ts'
import type { Finding } from './finding.ts'

/** Runs every model of the directory once, looks whether both roles are filled, and tries each provider on the detector. */
export const checkModels = async ({ models }: Pick<Config, 'models'>): Promise<readonly Finding[]> => {
  const directory = models.directory ?? shippedModels
  const files = await diagnoseModels(directory)
  const roles = (['detector', 'embedder'] as const).map((role) => chosen(files, directory, role, models[role]))
  const [detector] = roles
  const providers = detector?.file ? await diagnoseProviders(detector.file) : []
  return [
    ...files.map(described),
    ...roles.flatMap(({ finding }) => finding ?? []),
    ...providers.map((each) => provider(each, models)),
  ]
}

const described = ({ file, role, source, sha256, problem }: ModelFile): Finding => ({
  verdict: problem ? 'poor' : 'good',
  what: `model ${file}`,
  detail: problem ? describeError(problem) : `${role} (known by ${source}), runs; sha256 ${sha256}`,
})

const chosen = (
  files: readonly ModelFile[],
  directory: string,
  role: 'detector' | 'embedder',
  wanted: string,
): { readonly file: ModelFile | null; readonly finding: Finding | null } => {
  try {
    return { file: chooseModel(files, directory, role, wanted), finding: null }
  } catch (error) {
    return { file: null, finding: { verdict: 'bad', what: role, detail: describeError(error), fix: '--models DIR' } }
  }
}

/** A provider that does not work is a fault only when the configuration names it and nothing after it. */
const provider = (
  { provider: name, builtIn, works, reason = '' }: Awaited<ReturnType<typeof diagnoseProviders>>[number],
  { providers }: Config['models'],
): Finding => {
  const what = `models on ${name}`
  if (works)
    return { verdict: 'good', what, detail: name === 'cpu' ? 'works' : 'works, agrees with the CPU and is faster' }
  const isOnly = providers !== 'auto' && providers.every((each) => each === name)
  const isNamed = providers !== 'auto' && providers.includes(name)
  return {
    verdict: isOnly ? 'bad' : isNamed ? 'poor' : 'good',
    what,
    detail: builtIn ? `not used: ${shortened(reason)}` : 'not used: this build of ONNX Runtime has no such provider',
    ...(isNamed && { fix: 'install its libraries, or name another in models.providers' }),
  }
}

/** The library that is missing, when the loader names it; else the words of the runtime. */
const shortened = (reason: string): string =>
  /(lib[\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(reason)?.[0] ??
  (/cannot be loaded \(\w+: (.*)\)$/.exec(reason)?.[1] ?? reason).slice(0, 160)
