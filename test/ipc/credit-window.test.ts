import { describe, expect, it } from 'vitest'
import { createCreditWindow } from '../../src/ipc/credit-window.ts'

describe('createWindow', () => {
  it('has room for its size, per camera, and says when a full camera has room again', () => {
    const window = createCreditWindow(2)
    const freed: string[] = []
    window.freed$.subscribe((camera) => freed.push(camera))
    window.sent('a')
    expect(window.hasRoom('a')).toBe(true)
    window.sent('a')
    expect([window.hasRoom('a'), window.hasRoom('b')]).toEqual([false, true])
    window.acknowledged('a')
    expect(window.hasRoom('a')).toBe(true)
    expect(freed).toEqual(['a'])
    window.acknowledged('a')
    expect(freed).toEqual(['a'])
  })

  it('says so when more were under way than it has room for, only once there is room', () => {
    const window = createCreditWindow(2)
    const freed: string[] = []
    window.freed$.subscribe((camera) => freed.push(camera))
    for (let i = 0; i < 5; i++) window.sent('a')
    for (let i = 0; i < 3; i++) window.acknowledged('a')
    expect([window.hasRoom('a'), freed]).toEqual([false, []])
    window.acknowledged('a')
    expect([window.hasRoom('a'), freed]).toEqual([true, ['a']])
  })

  it('takes acknowledgements that belong to an earlier process without gaining room', () => {
    const window = createCreditWindow(1)
    window.acknowledged('a')
    window.acknowledged('a')
    window.sent('a')
    expect(window.hasRoom('a')).toBe(false)
  })
})
