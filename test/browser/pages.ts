/** The viewer's pages, as they stand in the address. */
export const paths = ['/live', '/live/cafe', '/people', '/review', '/cameras', '/events', '/system']
