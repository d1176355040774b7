import { defer, filter, from, merge, mergeMap, type Observable, Subject, takeUntil } from 'rxjs'
import type { Camera } from './camera.ts'

/** Cameras that come and go, of which others want to hear all. */
export interface JoinedCameras {
  /** What all cameras say; completes when all that have joined have ended or left, and none is expected. */
  all<T>(of: (camera: Camera) => Observable<T>): Observable<T>
  join(camera: Camera): void
  /** Nothing of it is passed on any more. */
  leave(camera: Camera): void
  /** One more camera is about to join: nothing completes before `over` is called. */
  expect(): { over(): void }
}

/**
 * Joins what cameras say.
 *
 *   a       -1---2-|
 *   b          3-----4-|     b joins later
 *   output  -1-3-2---4-|
 */
export const joinCameras = (first: readonly Camera[]): JoinedCameras => {
  const present = new Set<Camera>()
  const running = new Set<Camera>()
  const joined$ = new Subject<Camera>()
  const left$ = new Subject<Camera>()
  let expected = 0
  const settle = (): void => {
    if (running.size === 0 && expected === 0) joined$.complete()
  }
  const join = (camera: Camera): void => {
    present.add(camera)
    running.add(camera)
    joined$.next(camera)
    const complete = (): void => {
      if (running.delete(camera)) settle()
    }
    camera.changes$.pipe(takeUntil(left$.pipe(filter((each) => each === camera)))).subscribe({ complete })
  }
  const expect = () => {
    expected++
    return {
      over: (): void => {
        expected--
        settle()
      },
    }
  }
  const starting = expect()
  for (const camera of first) join(camera)
  starting.over()
  return {
    join,
    expect,
    leave: (camera) => {
      present.delete(camera)
      left$.next(camera)
    },
    all: (of) =>
      defer(() =>
        merge(from([...present]), joined$).pipe(
          mergeMap((camera) => of(camera).pipe(takeUntil(left$.pipe(filter((each) => each === camera))))),
        ),
      ),
  }
}
