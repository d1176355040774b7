import type { FileChooser, Locator, Page } from 'playwright-core'

/** One way to work in a page. */
export interface Hands {
  /** Presses a button. */
  press(button: Locator): Promise<void>
  /** Writes into a field in place of what is there. */
  write(field: Locator, text: string): Promise<void>
  /** Chooses files by the button that asks for them. */
  files(button: Locator, files: Parameters<FileChooser['setFiles']>[0]): Promise<void>
}

const choosing = async (
  page: Page,
  press: () => Promise<void>,
  files: Parameters<FileChooser['setFiles']>[0],
): Promise<void> => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press()])
  await chooser.setFiles(files)
}

/** Works with the mouse; only text is typed. */
export const mouse = (page: Page): Hands => {
  const press = (button: Locator): Promise<void> => button.click()
  return {
    press,
    write: async (field, text) => {
      await field.click({ clickCount: 3 })
      await page.keyboard.press('Delete')
      await page.keyboard.type(text)
    },
    files: (button, files) => choosing(page, () => press(button), files),
  }
}

/** Works with Tab, Enter and letters alone. Rejects when Tab does not reach what is wanted. */
export const keyboard = (page: Page): Hands => {
  const tabTo = async (wanted: Locator): Promise<void> => {
    await wanted.waitFor()
    for (let i = 0; i < 150; i++) {
      if (await wanted.evaluate((node) => node === node.ownerDocument.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${String(wanted)}`)
  }
  const press = async (button: Locator): Promise<void> => {
    await tabTo(button)
    await page.keyboard.press('Enter')
  }
  return {
    press,
    write: async (field, text) => {
      await tabTo(field)
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type(text)
    },
    files: (button, files) => choosing(page, () => press(button), files),
  }
}
