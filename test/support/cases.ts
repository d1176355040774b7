/**
 * How many cases a property test draws: a third of `all` in `bin/test`, and all of them in `npm run test:long`, where the
 * files named `*.property.test.ts` take part again. The third comes first among all.
 */
export const casesOf = (all: number): number => (process.env.ROLLCALL_TESTS === 'long' ? all : Math.ceil(all / 3))
