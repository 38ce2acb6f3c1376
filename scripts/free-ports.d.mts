/** Ports of loopback that were free just now, below those that the system hands out. */
export function freePorts(count: number): Promise<number[]>
