import { lastValueFrom, type Observable, toArray } from 'rxjs'

/** All values of an observable that completes; rejects with its error. */
export const collect = <T>(source: Observable<T>): Promise<T[]> => lastValueFrom(source.pipe(toArray()))
