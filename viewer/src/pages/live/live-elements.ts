import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import type { Preferences } from './preferences.ts'
import { createToggle, createToolbar } from './toolbar.ts'

/** What the switches over the grid do. */
export interface LiveActs {
  readonly onCycle: () => void
  readonly onReadout: () => void
  readonly onSide: () => void
  /** The browser refuses to fill the screen. */
  readonly onNoFullScreen: () => void
}

/** The elements of the page, around its grid and what stands beside it. */
export const createLiveElements = (grid: HTMLElement, side: HTMLElement, acts: LiveActs) => {
  const empty = element('div', { class: 'panel' })
  const fillScreen = async (): Promise<void> => {
    if (document.fullscreenElement) await document.exitFullscreen()
    else await page.requestFullscreen().catch(acts.onNoFullScreen)
  }
  const toggles = {
    cycle: createToggle('cycle', 'Cycle: each camera large for 10 s; two or more pinned ones alone', acts.onCycle),
    readout: createToggle('figures', 'Say how exact and how late each picture is', acts.onReadout),
    fullScreen: createToggle('fullscreen', 'Full screen (f)', () => void fillScreen()),
    side: createToggle('panel', 'People and events', acts.onSide),
  }
  const toolbar = createToolbar(element('h2', {}, 'Live'), ...Object.values(toggles))
  const page = element('div', { class: 'live' }, element('div', { class: 'stage' }, toolbar, empty, grid), side)
  document.addEventListener('fullscreenchange', () => toggles.fullScreen.set(document.fullscreenElement === page))

  return {
    page,
    fillScreen: () => void fillScreen(),
    setCycle: (isOn: boolean): void => toggles.cycle.set(isOn),
    apply: (preferences: Preferences): void => {
      page.classList.toggle('no-side', !preferences.side)
      page.classList.toggle('with-readout', preferences.readout)
      toggles.side.set(preferences.side)
      toggles.readout.set(preferences.readout)
    },
    /** In the place of the grid: why there is no camera to show. */
    showEmpty: (isEmpty: boolean, isConnected: boolean): void => {
      empty.hidden = !isEmpty
      grid.hidden = isEmpty
      if (!isEmpty) return
      const add = element('a', { class: 'button primary', href: '#/cameras' }, 'Add a camera')
      empty.replaceChildren(
        isConnected ? emptyState('There is no camera yet.', add) : emptyState('Connecting to Rollcall …'),
      )
    },
  }
}
