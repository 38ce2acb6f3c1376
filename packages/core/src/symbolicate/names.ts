/**
 * The original name of the function that a frame is in. A map names what stands at a position, and a frame's own position
 * is somewhere inside its function; but its caller's position is the call, and the name there is the function's. So a
 * frame takes the name that its caller's mapping bears, as error trackers do. `called` is undefined where that cannot be
 * trusted: the caller is native, was resumed after an `await`, or no mapping begins at the call. Then, and for functions
 * without a name of their own, the engine's name stays.
 */
export function originalName(generated: string | undefined, called: string | undefined): string | undefined {
  if (!generated || !called) return generated
  const [, prefix = '', name = ''] = /^(new |get |set )?(.*)$/.exec(generated) ?? []
  if (name === called || name.endsWith(`.${called}`) || /(?:<anonymous>|^\d+|\.\d+)$/.test(name)) return generated
  return prefix + called
}
