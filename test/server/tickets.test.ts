import { expect, test } from 'vitest'
import type { Caller } from '../../src/server/scope.ts'
import { createTickets, maxTickets, ticketLifetimeS } from '../../src/server/tickets.ts'

const wall: Caller = { name: 'wall', scopes: new Set(['read']) }
const open = () => {
  const clock = { nowMs: 1_700_000_000_000 }
  return { clock, tickets: createTickets({ nowMs: () => clock.nowMs }) }
}

test('a ticket is good once, for whoever it was issued to', () => {
  const { tickets } = open()
  const ticket = tickets.issue(wall)
  expect(ticket).toMatch(/^[\w-]{43}$/)
  expect(tickets.redeem(ticket)).toEqual(wall)
  expect(tickets.redeem(ticket)).toBe('used')
})

test('one that expires is worth nothing, and is forgotten with the next one issued', () => {
  const { tickets, clock } = open()
  const ticket = tickets.issue(wall)
  clock.nowMs += ticketLifetimeS * 1000
  expect(tickets.redeem(ticket)).toBe('expired')
  tickets.issue(wall)
  expect(tickets.redeem(ticket)).toBe('unknown')
})

test('no two are alike, and only a whole one of this run counts', () => {
  const { tickets } = open()
  const all = Array.from({ length: 1000 }, () => tickets.issue(wall))
  expect(new Set(all).size).toBe(1000)
  const [ticket = ''] = all
  for (const wrong of ['', ticket.slice(1), `${ticket}x`, ticket.toUpperCase(), open().tickets.issue(wall)])
    expect(tickets.redeem(wrong), wrong).toBe('unknown')
  expect(tickets.redeem(ticket)).toEqual(wall)
})

test('however many are asked for, so many are kept: the newest', () => {
  const { tickets } = open()
  const all = Array.from({ length: maxTickets + 5 }, () => tickets.issue(wall))
  const good = all.filter((ticket) => typeof tickets.redeem(ticket) !== 'string')
  expect(good).toEqual(all.slice(-maxTickets))
})
