import { describe, expect, it } from 'vitest'
import { cameraFrom, checkTravels, withoutSecrets, withValues } from '../../src/config/placed-camera.ts'

const url = 'rtsp://192.0.2.1/stream1'

describe('withoutSecrets', () => {
  it.each([
    { url },
    { url, user: 'viewer', password: '${CAM_PASSWORD}' },
    { url, user: 'viewer', password: '${file:/run/secrets/cam}' },
    { url: 'rtsp://${CAM_USER}:${CAM_PASSWORD}@192.0.2.1/' },
    { url: 'rtsp://viewer:${CAM_PASSWORD}@192.0.2.1/' },
    { url: '${DOOR_URL}' },
    { url: 'http://192.0.2.1/snap.jpg?width=640&pwd=${CAM_PASSWORD}' },
    { url: 'rtsp://192.0.2.1/media@low?channel=1' },
  ])('lets travel: %o', (keys) => {
    expect(withoutSecrets('door', keys)).toBe(keys)
  })

  it.each([
    { url, user: 'viewer', password: 's3cret' },
    { url, user: 'viewer', password: '${CAM_PASSWORD:-s3cret}' },
    { url: 'rtsp://viewer:s3cret@192.0.2.1/' },
    { url, detailUrl: 'rtsp://viewer:s3cret@192.0.2.1/big' },
    { url: 'http://192.0.2.1/snap.jpg?usr=viewer&pwd=s3cret' },
    { url: 'rtsp://192.0.2.1/user=viewer_password=s3cret_channel=1' },
    { url, detailUrl: 'http://192.0.2.1/big?pwd=${CAM_PASSWORD:-s3cret}' },
  ])('refuses a password in plain text, and does not say it: %o', (keys) => {
    expect(() => withoutSecrets('door', keys)).toThrow(/^cameras\.door: its password would travel over Kafka$/)
  })
})

describe('a camera that is added over the network', () => {
  it.each([
    { url },
    { url, user: 'viewer' },
    { url, user: '${ROLLCALL_CAMERA_USER}', password: '${ROLLCALL_CAMERA_DOOR}' },
    { url, password: undefined },
  ])('may travel: %o', (keys) => {
    expect(() => checkTravels('door', keys)).not.toThrow()
  })

  it.each([
    ['password', { url, user: 'viewer', password: 's3cret' }],
    ['url', { url: 'rtsp://viewer:s3cret@192.0.2.1/' }],
    ['url', { url: 'http://192.0.2.1/snap.jpg?pwd=s3cret' }],
    ['detailUrl', { url, detailUrl: 'rtsp://viewer:s3cret@192.0.2.1/big' }],
    ['password', { url, user: 'viewer', password: '${SEAM_KEY}' }],
    ['password', { url, user: 'viewer', password: '${file:/run/secrets/cam}' }],
    ['password', { url, user: 'viewer', password: 'a${ROLLCALL_CAMERA_DOOR}' }],
    ['url', { url: 'rtsp://192.0.2.1/${ROLLCALL_CAMERA_DOOR}' }],
    ['backoff', { url, backoff: { firstMs: '${SEAM_KEY}' } }],
  ])('says that %s may not, names the variable that would do, and no secret', (key, keys) => {
    const refused = (): void => checkTravels('door', keys)
    expect(refused).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(`door: ${key}: `) }),
    )
    expect(refused).toThrow(expect.objectContaining({ remedy: expect.stringContaining('${ROLLCALL_CAMERA_NAME}') }))
    expect(refused).not.toThrow('s3cret')
  })

  it('is tested with the values of this process', () => {
    const camera = cameraFrom(
      'door',
      { url, user: 'viewer', password: '${ROLLCALL_CAMERA_DOOR}' },
      { ROLLCALL_CAMERA_DOOR: '' },
    )
    const given = { ...camera, password: '${ROLLCALL_CAMERA_DOOR}' }
    expect(withValues('door', given, { ROLLCALL_CAMERA_DOOR: 's3cret' })).toEqual({ ...camera, password: 's3cret' })
    expect(() => withValues('door', given, {})).toThrow('ROLLCALL_CAMERA_DOOR is not set in the process that tests it')
    expect(withValues('door', { ...camera, password: '${SEAM_KEY}' }, { SEAM_KEY: 'x' }).password).toBe('${SEAM_KEY}')
  })
})

describe('cameraFrom', () => {
  it('puts in the values of this machine', () => {
    const keys = { url, user: 'viewer', password: '${CAM_PASSWORD}', maxFps: '${FPS}' }
    const env = { CAM_PASSWORD: 'a: "b" #${c}', FPS: '5' }
    expect(cameraFrom('door', keys, env)).toMatchObject({ url, user: 'viewer', password: env.CAM_PASSWORD, maxFps: 5 })
  })

  it('says what is missing here, and of another version unknown', () => {
    const keys = { url, user: 'viewer', password: '${CAM_PASSWORD}', later: true }
    expect(() => cameraFrom('door', keys, {})).toThrow(/camera door:.*CAM_PASSWORD is not set.*later: unknown key/s)
  })
})
