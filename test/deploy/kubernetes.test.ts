import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deploy, documentsOf, readDocument, readDocuments } from './documents.ts'
import { faultsOf, type Manifest } from './kubernetes.ts'

interface Kustomization {
  readonly apiVersion: string
  readonly kind: string
  readonly resources: readonly string[]
  readonly patches?: readonly { readonly path: string }[]
}

const read = (folder: string): Kustomization => readDocument(join('k8s', folder, 'kustomization.yaml'))
const manifestsIn = (folder: string, files: readonly string[]): Manifest[] =>
  files.flatMap((file) => readDocuments(join('k8s', folder, file)) as Manifest[])
const base = manifestsIn('base', read('base').resources)
const overlays = readdirSync(join(deploy, 'k8s/overlays'))
/** Those that run a site in one pod; the others are in scale.test.ts. */
const onePod = overlays.filter((overlay) => overlay !== 'scale')

/** The containers of a pod that `manifest` makes. */
const containersOf = (manifest: Manifest): { name: string }[] => manifest.spec?.template?.spec?.containers ?? []

describe('the manifests as they are written', () => {
  it.each(base.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    '%s is what the Kubernetes API takes',
    async (_, manifest) => {
      expect(await faultsOf(manifest)).toEqual([])
    },
  )

  it('are all in the kustomization', () => {
    const files = readdirSync(join(deploy, 'k8s/base')).filter(
      (file) => !/^(kustomization|rollcall)\.yaml$|\.env$/.test(file),
    )
    expect(files.toSorted()).toEqual([...read('base').resources].toSorted())
  })

  it.each(overlays)('%s patches what is there', async (overlay) => {
    const { patches = [], resources } = read(`overlays/${overlay}`)
    for (const path of resources) expect(existsSync(join(deploy, 'k8s/overlays', overlay, path))).toBe(true)
    const manifests = manifestsIn(
      `overlays/${overlay}`,
      patches.map(({ path }) => path),
    )
    expect(manifests.length).toBeGreaterThan(0)
    for (const { $patch, ...patch } of manifests) {
      // A directive of kustomize, which takes the whole manifest away.
      expect([undefined, 'delete']).toContain($patch)
      expect(await faultsOf(patch, { patch: true })).toEqual([])
      const target = base.find(({ kind, metadata }) => kind === patch.kind && metadata.name === patch.metadata.name)
      expect(target, `${patch.kind} ${patch.metadata.name}`).toBeDefined()
      if (!target) continue
      expect(containersOf(target).map(({ name }) => name)).toEqual(
        expect.arrayContaining(containersOf(patch).map(({ name }) => name)),
      )
    }
  })

  it('say the same labels wherever something is selected', () => {
    const [pods] = base.filter(({ kind }) => kind === 'StatefulSet').map(({ spec }) => spec)
    const labels = pods.template.metadata.labels
    expect(pods.selector.matchLabels).toEqual(labels)
    for (const { kind, spec } of base) {
      if (kind === 'Service') expect(spec.selector).toEqual(labels)
      if (kind === 'NetworkPolicy') expect(spec.podSelector.matchLabels).toEqual(labels)
      if (kind === 'PodDisruptionBudget') expect(spec.selector.matchLabels).toEqual(labels)
    }
    expect(base.some(({ kind, metadata }) => kind === 'Service' && metadata.name === pods.serviceName)).toBe(true)
  })
})

/** Kustomize 5 from itself or from kubectl; Debian 12's own kubectl has one that is too old. */
const kustomize = (
  [
    ['kustomize', 'build'],
    ['kubectl', 'kustomize'],
  ] as const
).find(([program, verb]) => spawnSync(program, [verb, join(deploy, 'k8s/base')]).status === 0)
if (!kustomize) console.warn('deploy/k8s is not rendered: there is neither kustomize 5 nor a kubectl that has it')

const render = (overlay: string): Manifest[] => {
  const [program, verb] = kustomize ?? ['kustomize', 'build']
  const { status, stdout, stderr } = spawnSync(program, [verb, join(deploy, 'k8s/overlays', overlay)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return documentsOf(stdout, overlay) as Manifest[]
}

describe.skipIf(!kustomize)('the manifests as kustomize renders them', () => {
  describe.each(onePod)('%s', (overlay) => {
    it('are what the Kubernetes API takes', async () => {
      const manifests = render(overlay)
      for (const manifest of manifests) expect(await faultsOf(manifest)).toEqual([])
      expect(manifests.map(({ kind }) => kind).toSorted()).toEqual([
        'ConfigMap',
        'Namespace',
        'NetworkPolicy',
        'PodDisruptionBudget',
        'Secret',
        'Service',
        'Service',
        'ServiceAccount',
        'StatefulSet',
      ])
    })

    it('run one pod without rights, that lasts', () => {
      const manifests = render(overlay)
      const spec = manifests.find(({ kind }) => kind === 'StatefulSet')?.spec
      const pod = spec.template.spec
      const [rollcall] = pod.containers
      expect(spec.replicas).toBe(1)
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
      expect(rollcall.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(pod.automountServiceAccountToken).toBe(false)
      expect(rollcall.livenessProbe.httpGet.path).toBe('/healthz')
      expect(rollcall.readinessProbe.httpGet.path).toBe('/readyz')
      for (const kind of ['requests', 'limits']) {
        expect(rollcall.resources[kind]).toMatchObject({ cpu: expect.any(String), memory: expect.any(String) })
      }
      const volumes = [...pod.volumes, ...spec.volumeClaimTemplates.map(({ metadata }: Manifest) => metadata)]
      expect(new Set(volumes.map(({ name }) => name))).toEqual(
        new Set(rollcall.volumeMounts.map(({ name }: { name: string }) => name)),
      )
      // Kustomize has put the hashed names of the generated ones where they are used.
      const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
      expect(names).toContain(`ConfigMap/${pod.volumes[0].configMap.name}`)
      expect(names).toContain(`Secret/${rollcall.envFrom[0].secretRef.name}`)
      expect(rollcall.image).toMatch(/^rollcall:\d/)
      expect(rollcall.resources.limits['nvidia.com/gpu']).toBe(overlay === 'nvidia' ? '1' : undefined)
    })
  })
})

describe('the check of manifests', () => {
  const broken = async (change: (pod: Manifest) => void): Promise<string[]> => {
    const copy = structuredClone(base.find(({ kind }) => kind === 'StatefulSet')) as Manifest
    change(copy)
    return faultsOf(copy)
  }

  it('finds what is misspelt, missing or of another type', async () => {
    expect(await broken(() => undefined)).toEqual([])
    expect(await broken(({ spec }) => void (spec.template.spec.containers[0].securtyContext = {}))).toHaveLength(1)
    expect(
      await broken(({ spec }) => void (spec.template.spec.containers[0].ports[0].containerPort = 'http')),
    ).toHaveLength(1)
    expect(await broken(({ spec }) => void delete spec.template)).toHaveLength(1)
    expect(await faultsOf({ apiVersion: 'v1', kind: 'Sevice', metadata: { name: 'x' } })).toHaveLength(1)
  })
})
