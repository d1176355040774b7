import { filled, phone, press, type Shot, type Stage } from './shot.ts'

const inDialog = ({ page }: Stage, name: string): Promise<void> => press(page.getByRole('dialog'), name)

/** Opens a dialog of a person's page and waits for its pictures. */
const openAct = (name: string) => async (stage: Stage) => {
  await filled(stage, '.photos img')
  await press(stage.page, name)
  await filled(stage, 'dialog[open]')
}

const pick = async (stage: Stage, name: string): Promise<void> => {
  await stage.page.getByRole('dialog').getByRole('searchbox').fill(name)
  await stage.page.getByRole('dialog').locator('[data-pick]').first().click()
  await filled(stage, '.act-compare')
}

const openVisit = async (stage: Stage): Promise<void> => {
  await filled(stage, '.stay')
  await stage.page.locator('.stay').first().click()
  await filled(stage, '.visits img')
}

const withoutName =
  (name: string) =>
  async ({ scene }: Stage): Promise<void> => {
    await scene.ask(`/api/people/${scene.idOf(name)}/name`, { name: null })
  }
const named =
  (name: string, as: string) =>
  async ({ scene }: Stage): Promise<void> => {
    await scene.ask(`/api/people/${scene.idOf(name)}/name`, { name: as })
  }

/** The pictures of the dialogs that change people, and of the review. */
export const actShots: readonly Shot[] = [
  { name: 'act-name', of: 'still', path: '/people/{joy}', prepare: openAct('Name') },
  {
    name: 'act-merge',
    of: 'still',
    path: '/people/{eli}',
    prepare: async (stage) => {
      await openAct('Merge …')(stage)
      await pick(stage, 'Eli Novak')
    },
  },
  { name: 'act-split', of: 'still', path: '/people/{chen}', prepare: openAct('Split …') },
  { name: 'act-delete', of: 'still', path: '/people/{fay}', theme: 'light', prepare: openAct('Delete …') },
  { name: 'act-visits', of: 'still', path: '/people/{chen}', prepare: openVisit },
  {
    name: 'act-not-this',
    of: 'still',
    path: '/people/{chen}',
    prepare: async (stage) => {
      await openVisit(stage)
      await inDialog(stage, 'Not this person')
      await filled(stage, '.act-who')
    },
  },
  {
    name: 'act-move',
    of: 'still',
    path: '/people/{chen}',
    prepare: async (stage) => {
      await openVisit(stage)
      await inDialog(stage, 'Move …')
      await filled(stage, '[data-pick]')
    },
  },
  {
    name: 'act-undo',
    of: 'still',
    path: '/people/{joy}',
    prepare: async (stage) => {
      await openAct('Name')(stage)
      await stage.page.getByRole('dialog').getByLabel('Name').fill('Joy')
      await inDialog(stage, 'Save')
      await stage.page.locator('.toast').waitFor()
    },
    after: withoutName('joy'),
  },
  {
    name: 'review',
    of: 'still',
    path: '/review',
    prepare: async (stage) => {
      await withoutName('chen')(stage)
      await filled(stage, '[data-question]')
    },
    after: named('chen', 'Chen'),
  },
  {
    name: 'review-phone',
    of: 'still',
    path: '/review',
    ...phone,
    prepare: async (stage) => {
      await withoutName('chen')(stage)
      await filled(stage, '[data-question]')
    },
    after: named('chen', 'Chen'),
  },
]
