import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RollcallError } from '../errors.ts'
import { type Descriptor, parseDescriptor, type Role, roleOf } from './descriptor.ts'
import { knownModels } from './known-models.ts'
import { partsOf } from './model-parts.ts'
import { sha256Of } from './sha256.ts'

/** Where a descriptor is from: the JSON beside the model, or the built-in list by SHA-256 or by file name. */
export type DescriptorSource = 'json' | 'sha256' | 'file name'

/** A model of the models directory. */
export interface ModelFile {
  /** `DIRECTORY/NAME.onnx`, with the directory as given. */
  readonly file: string
  /** The file name without `.onnx`. */
  readonly name: string
  /** Of the file; of one that consists of several, of all of them after each other. */
  readonly sha256: string
  readonly role: Role | null
  readonly descriptor: Descriptor | null
  readonly source: DescriptorSource | null
  /** Why this file cannot be used; absent when no problem is known. */
  readonly problem?: RollcallError
}

const readIfThere = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The files of a model but the one that it is named after. Throws MODEL_INVALID for one that is missing. */
const furtherFiles = async (file: string, descriptor: Descriptor): Promise<readonly string[]> => {
  const further = descriptor.kind === 'mtcnn' ? partsOf(file, descriptor) : []
  for (const part of further)
    await access(part).catch((cause: unknown) => {
      throw new RollcallError('MODEL_INVALID', `${file}: its descriptor names ${part}, which cannot be read`, {
        remedy: 'Put the file there, or correct the descriptor.',
        cause,
      })
    })
  return further
}

const describe = async (directory: string, fileName: string): Promise<ModelFile> => {
  const file = join(directory, fileName)
  const name = fileName.replace(/\.onnx$/, '')
  const unknown = { file, name, sha256: '', role: null, descriptor: null, source: null }
  try {
    const sha256 = await sha256Of(file)
    const found = (descriptor: Descriptor, source: DescriptorSource, hash = sha256): ModelFile => ({
      ...unknown,
      sha256: hash,
      role: roleOf(descriptor),
      descriptor,
      source,
    })
    const jsonFile = join(directory, `${name}.json`)
    const json = await readIfThere(jsonFile)
    if (json !== null) {
      try {
        const descriptor = parseDescriptor(json, jsonFile)
        const further = await furtherFiles(file, descriptor)
        return found(descriptor, 'json', further.length === 0 ? sha256 : await sha256Of(file, ...further))
      } catch (problem) {
        return { ...unknown, sha256, source: 'json', problem: problem as RollcallError }
      }
    }
    const byHash = knownModels.find((known) => known.sha256 === sha256)
    if (byHash) return found(byHash.descriptor, 'sha256')
    const byName = knownModels.find((known) => known.fileName === fileName)
    if (byName) return found(byName.descriptor, 'file name')
    const problem = new RollcallError('MODEL_INVALID', `${file}: not a known model, and there is no ${name}.json`, {
      remedy: `Describe it in ${jsonFile}; docs/models.md lists the fields.`,
    })
    return { ...unknown, sha256, problem }
  } catch (cause) {
    const problem = new RollcallError('MODEL_INVALID', `${file}: cannot be read`, {
      remedy: 'Check that it is a file and readable.',
      cause,
    })
    return { ...unknown, problem }
  }
}

/**
 * Describes every .onnx file in `directory`, sorted by name, without opening a session; the second and third file of MTCNN
 * belong to its first. Throws MODEL_MISSING when the directory cannot be read.
 */
export const describeModels = async (directory: string): Promise<ModelFile[]> => {
  let files: string[]
  try {
    files = await readdir(directory)
  } catch (cause) {
    throw new RollcallError('MODEL_MISSING', `models.directory: cannot read ${directory}`, {
      remedy: 'Point models.directory at the folder with the .onnx files.',
      cause,
    })
  }
  const described: ModelFile[] = []
  for (const file of files.filter((each) => each.endsWith('.onnx')).sort())
    described.push(await describe(directory, file))
  const parts = new Set(
    described.flatMap(({ file, descriptor }) => (descriptor?.kind === 'mtcnn' ? partsOf(file, descriptor) : [])),
  )
  return described.filter(({ file }) => !parts.has(file))
}

/** Models with a JSON of the user come first, then the known ones in their order. */
const preference = (model: ModelFile): number => {
  if (model.source === 'json') return -1
  return knownModels.findIndex((known) => known.sha256 === model.sha256 || known.fileName === `${model.name}.onnx`)
}

/**
 * The model for `role` that is named `wanted`; with `auto` the preferred one. Throws MODEL_MISSING or MODEL_INVALID.
 */
export const chooseModel = (models: readonly ModelFile[], directory: string, role: Role, wanted: string): ModelFile => {
  const field = `models.${role}`
  if (wanted === 'auto') {
    const usable = models.filter((model) => model.role === role).sort((a, b) => preference(a) - preference(b))
    if (usable[0]) return usable[0]
    const problems = models.flatMap((model) => (model.problem ? [model.problem.message] : []))
    const because = problems.length > 0 ? ` (${problems.join('; ')})` : ''
    throw new RollcallError('MODEL_MISSING', `${field}: no ${role} in ${directory}${because}`, {
      remedy: `Put one as NAME.onnx with NAME.json there, or point models.directory elsewhere.`,
    })
  }
  const name = wanted.replace(/\.onnx$/, '')
  const model = models.find((each) => each.name === name)
  if (!model) {
    const there = models.map((each) => each.name).join(', ') || 'none'
    throw new RollcallError('MODEL_MISSING', `${field}: there is no ${join(directory, `${name}.onnx`)}`, {
      remedy: `Choose one of those there (${there}), or add the file.`,
    })
  }
  if (model.problem) throw model.problem
  if (model.role !== role)
    throw new RollcallError(
      'MODEL_INVALID',
      `${field}: ${model.file} is described as ${model.role}, expected ${role}`,
      {
        remedy: `Name another file in ${field}, or correct "kind" in its descriptor.`,
      },
    )
  return model
}
