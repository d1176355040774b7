import { expect, test } from 'vitest'
import type { NativeFrame } from '../../native/index.js'
import { watch } from './watch.ts'

const size = { width: 208, height: 128 }
const units = (tags = '') =>
  `videotestsrc num-buffers=8 ! video/x-raw,format=I420,width=${size.width},height=${size.height},framerate=25/1
   ! openh264enc gop-size=4 ! h264parse ${tags} ! appsink name=units`
const frames =
  'videoconvert name=decoded ! video/x-raw,format=I420 ! videoflip video-direction=auto ! videoscale ! video/x-raw,format=I420 ! appsink name=frames'

/** Of the last picture: the first one is copied once, before it is known what the sink takes. */
const lastOf = async (receive: string): Promise<Pick<NativeFrame, 'width' | 'height'> & { stride: number }> => {
  let last = { width: 0, height: 0, stride: 0 }
  const { until, of } = watch(receive, {
    decode: `appsrc name=units ! h264parse ! avdec_h264 max-threads=1 ! ${frames}`,
    onEvent: ({ type }, pipeline) => {
      if (type !== 'frame') return
      const frame = pipeline.take()
      if (frame) last = { width: frame.width, height: frame.height, stride: frame.planes[0]?.stride ?? 0 }
      frame?.close()
    },
  })
  await until('the end', () => of('eos').length > 0)
  return last
}

// Rows of a decoder's own pictures are longer than the picture is wide; those of a copy are not.
test('a picture that nobody turns is the one that the decoder has made', async () => {
  const { stride, ...picture } = await lastOf(units())
  expect(picture).toEqual(size)
  expect(stride).toBeGreaterThan(size.width)
})

test('one that a tag turns is turned', async () => {
  const { stride: _, ...picture } = await lastOf(units('! taginject tags="image-orientation=rotate-90"'))
  expect(picture).toEqual({ width: size.height, height: size.width })
})
