import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { givenCameras } from '../../src/config/given-cameras.ts'
import { readYaml } from '../../src/config/yaml.ts'
import { createMetrics } from '../../src/metrics.ts'
import { deploy, readDocument, readDocuments } from './documents.ts'
import { faultsOf, type Manifest } from './kubernetes.ts'
import { seriesIn } from './promql.ts'

const folder = join(deploy, 'k8s/overlays/scale')
const { resources } = readDocument<{ resources: readonly string[] }>('k8s/overlays/scale/kustomization.yaml')
const own = resources.filter((path) => !path.startsWith('..'))
const manifests = own.flatMap((path) => readDocuments(join('k8s/overlays/scale', path)) as Manifest[])
const visionPods = (): Manifest[] =>
  named('Deployment').filter(({ metadata }) => metadata.name.startsWith('rollcall-vision'))
const named = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind)

interface ScaledObject {
  readonly scaleTargetRef: { readonly name: string }
  readonly minReplicaCount: number
  readonly maxReplicaCount: number
  readonly triggers: readonly { type: string; metricType: string; metadata: { query: string; threshold: string } }[]
}

describe('the overlay for more than one machine', () => {
  // The API of Kubernetes has no ScaledObject: it is KEDA's.
  it.each(
    manifests
      .filter(({ kind }) => kind !== 'ScaledObject')
      .map((each) => [each.metadata.name, each.kind, each] as const),
  )('%s, a %s, is what the Kubernetes API takes', async (_, _kind, manifest) => {
    expect(await faultsOf(manifest)).toEqual([])
  })

  it('uses every file', () => {
    const files = readdirSync(folder).filter((file) => !/^(kustomization|rollcall|one-pod)\.yaml$|\.env$/.test(file))
    expect(files.toSorted()).toEqual(own.toSorted())
  })

  it('selects the pods that it makes, and only those', () => {
    const deployments = visionPods().map(({ spec }) => spec)
    expect(deployments).toHaveLength(2)
    for (const { selector, template } of deployments) {
      expect(template.metadata.labels).toEqual(selector.matchLabels)
      for (const { labelSelector } of template.spec.topologySpreadConstraints) expect(labelSelector).toEqual(selector)
      // The identity pod's are selected by another name.
      expect(selector.matchLabels['app.kubernetes.io/name']).toBe('rollcall-vision')
    }
    const all = { matchLabels: { 'app.kubernetes.io/name': 'rollcall-vision' } }
    expect(named('PodDisruptionBudget').map(({ spec }) => spec.selector)).toEqual([all])
    const [vision, link] = named('NetworkPolicy').map(({ spec }) => spec)
    expect(vision.podSelector).toEqual(all)
    expect(link.egress[0].to[0].podSelector, 'identity fetches pictures there').toEqual(all)
    expect(vision.ingress[1].from[0].podSelector, 'and only identity').toEqual(link.podSelector)
  })

  it('runs vision without rights, with time to give its cameras away', () => {
    for (const { spec } of visionPods()) {
      const pod = spec.template.spec
      const [vision] = pod.containers
      // Rollcall is gone within ten seconds of SIGTERM.
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(15)
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
      expect(vision.securityContext).toMatchObject({ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } })
      expect(vision.args[0]).toBe('vision')
      expect(vision.args).not.toContain('--only')
      expect(pod.volumes.map(({ name }: Manifest) => name)).toEqual(
        vision.volumeMounts.map(({ name }: Manifest) => name),
      )
    }
  })

  it('runs identity twice without a volume, in the place of the one pod of the base', () => {
    const { spec } = named('Deployment').find(({ metadata }) => metadata.name === 'rollcall-identity') as Manifest
    const service = readDocuments('k8s/base/service.yaml')[0] as Manifest
    expect([spec.replicas, spec.strategy.type]).toEqual([2, 'Recreate'])
    expect(spec.template.metadata.labels, 'the service of the base finds it').toEqual(service.spec.selector)
    expect(spec.selector.matchLabels).toEqual(service.spec.selector)
    const pod = spec.template.spec
    expect(pod.containers[0].args[0]).toBe('identity')
    expect(pod.volumes.filter((volume: Manifest) => 'persistentVolumeClaim' in volume)).toEqual([])
    expect(pod.volumes.map(({ name }: Manifest) => name)).toEqual(
      pod.containers[0].volumeMounts.map(({ name }: Manifest) => name),
    )
    const gone = readDocuments('k8s/overlays/scale/one-pod.yaml') as Manifest[]
    expect(gone.map((each) => [each.$patch, each.kind, each.metadata.name])).toEqual([
      ['delete', 'StatefulSet', 'rollcall'],
      ['delete', 'Service', 'rollcall-pod'],
      ['delete', 'PodDisruptionBudget', 'rollcall'],
    ])
  })

  it('scales on what the pods could do, by metrics that there are', () => {
    const [scaled] = named('ScaledObject') as [Manifest]
    const { scaleTargetRef, minReplicaCount, maxReplicaCount, triggers } = scaled.spec as ScaledObject
    expect(named('Deployment').map(({ metadata }) => metadata.name)).toContain(scaleTargetRef.name)
    expect(minReplicaCount).toBeLessThan(maxReplicaCount)
    const registry = new Registry()
    createMetrics(registry)
    for (const { type, metricType, metadata } of triggers) {
      expect([type, metricType]).toEqual(['prometheus', 'Value'])
      const { metrics } = seriesIn(metadata.query)
      expect(metrics.filter((name) => !registry.getSingleMetric(name.replace(/_(bucket|sum|count)$/, '')))).toEqual([])
      expect(metrics).toHaveLength(4)
    }
  })

  it('places cameras whose passwords do not travel, and does not start with its placeholders', () => {
    const name = 'rollcall.yaml'
    const file = join(folder, name)
    expect([...givenCameras(file).values()]).toEqual([expect.objectContaining({ password: '${CAM_PASSWORD}' })])
    const env = ['k8s/base/secrets.env', 'k8s/overlays/scale/secrets.env'].map((path) =>
      parseEnv(readFileSync(join(deploy, path), 'utf8')),
    )
    const pod = { POD_IP: '192.0.2.7' }
    const read = (key: object) =>
      readYaml({ name, text: readFileSync(file, 'utf8') }, configSchema, Object.assign({}, ...env, pod, key))
    expect(() => read({})).toThrow(/seam\.kafka\.sealingKey: .*openssl rand -base64 32/)
    const secret = () => randomBytes(32).toString('base64')
    const { seam } = read({ SEAM_KEY: secret(), ROLLCALL_TOKEN: secret(), ROLLCALL_VIEWER_TOKEN: secret() })
    expect(seam.link.address).toBe('ws://192.0.2.7:8090')
  })
})
