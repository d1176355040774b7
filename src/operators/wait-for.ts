import { concatMap, type MonoTypeOperatorFunction, map } from 'rxjs'

/**
 * Lets a value pass once what had to be settled when it came is settled.
 *
 *   source   -a--b-c---|    a and b have to wait; c came when all was settled
 *   settled  ------x---     for both
 *   output   ------(abc)|   in order
 *
 * The queue has no bound of its own: the credit window bounds it, because nothing that waits here is acknowledged. When it will
 * never be settled the output fails, and the values that waited are not emitted.
 */
export const waitFor =
  <T>(settled: () => Promise<void> | null): MonoTypeOperatorFunction<T> =>
  (source) =>
    source.pipe(
      map((value) => ({ value, until: settled() })),
      concatMap(async ({ value, until }) => {
        if (until !== null) await until
        return value
      }),
    )
