/**
 * Validates manifests against the schemas of the Kubernetes API, which the package kubernetes-models has as compiled
 * validators. They ignore fields that they do not know, as an API server without strict validation does; here such a
 * field is a fault too: a validator reads every field that it knows, so that one which was never read is unknown.
 */

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  // biome-ignore lint/suspicious/noExplicitAny: what follows depends on the kind, and is validated.
  readonly [field: string]: any
}

interface Validate {
  (value: unknown): boolean
  readonly errors?: readonly { instancePath: string; message?: string; keyword: string; params: object }[] | null
}

const groups: Readonly<Record<string, string>> = {
  v1: 'Core',
  'apps/v1': 'Apps',
  'networking.k8s.io/v1': 'Networking',
  'policy/v1': 'Policy',
}

const validatorOf = async ({ apiVersion, kind }: Manifest): Promise<Validate | null> => {
  const group = groups[apiVersion]
  if (group === undefined) return null
  const name = `IoK8sApi${group}V1${kind}`
  const module = await import(`kubernetes-models/_schemas/${name}`).catch(() => null)
  return (module as { validate: Validate } | null)?.validate ?? null
}

/** `value`, which notes the path of each field that is read in `read`. */
const watched = (value: unknown, path: string, read: Set<string>): unknown => {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key)
      if (typeof key !== 'string' || !Object.hasOwn(target, key)) return found
      read.add(`${path}/${key}`)
      return watched(found, `${path}/${key}`, read)
    },
  })
}

const pathsOf = (value: unknown, path = ''): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [`${path}/${key}`, ...pathsOf(inner, `${path}/${key}`)])

/** What is wrong with a manifest; empty when nothing is. A patch may lack what is required. */
export const faultsOf = async (manifest: Manifest, { patch = false } = {}): Promise<string[]> => {
  const name = `${manifest.kind} ${manifest.metadata?.name}`
  const validate = await validatorOf(manifest)
  if (!validate) return [`${name}: ${manifest.apiVersion} has no such kind, or none that is known here`]
  const read = new Set<string>()
  validate(watched(manifest, '', read))
  const wrong = (validate.errors ?? [])
    .filter(({ keyword }) => !(patch && keyword === 'required'))
    .map(
      ({ instancePath, message, keyword, params }) =>
        `${name}${instancePath}: ${message ?? keyword} ${JSON.stringify(params)}`,
    )
  // Of a field that is unknown, what is in it is not worth a line.
  const unread = pathsOf(manifest).filter((path) => !read.has(path))
  const unknown = unread.filter((path) => !unread.includes(path.slice(0, path.lastIndexOf('/'))))
  return [...wrong, ...unknown.map((path) => `${name}${path}: there is no such field`)]
}
