import fc from 'fast-check'

/**
 * Property tests draw the same cases every time, so that a run says something about the change at hand. `FC_SEED=random`, or a number,
 * draws others: do so when you change what they test.
 */
const wanted = process.env.FC_SEED ?? '20261125'
fc.configureGlobal(wanted === 'random' ? {} : { seed: Number(wanted) })
