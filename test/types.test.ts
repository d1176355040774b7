import { expectTypeOf, it } from 'vitest'
import type { FrameStamp, MediaMs, Time, WallMs } from '../src/types.ts'

/** These fail in the compiler (`npm run types`), not when they run. */
it('our clock and the time of a camera or file are not taken for each other, and both are numbers', () => {
  expectTypeOf<WallMs>().not.toExtend<MediaMs>()
  expectTypeOf<MediaMs>().not.toExtend<WallMs>()
  expectTypeOf<ReturnType<Time['nowMs']>>().not.toExtend<FrameStamp['capturedAtMs']>()
  expectTypeOf<number>().toExtend<WallMs>()
  expectTypeOf<MediaMs>().toExtend<number>()
})
