/** The looks of the viewer; `system` follows the browser's setting. */
export const themes = ['system', 'dark', 'light'] as const
/** One look. */
export type Theme = (typeof themes)[number]

const key = 'rollcall.theme'

/** The look that was chosen on this machine. */
export const readTheme = (storage: Storage): Theme => themes.find((theme) => theme === storage.getItem(key)) ?? 'system'

/** Applies a look, and keeps it on this machine. */
export const useTheme = (theme: Theme, storage: Storage): void => {
  if (theme === 'system') storage.removeItem(key)
  else storage.setItem(key, theme)
  document.documentElement.dataset.theme = theme
}
