// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of source code, as they stand

/** A line of the playground's source, trimmed, that a frame must lead back to. */
export interface ExpectedFrame {
  /** Relative to `playground/`. */
  file: string
  text: string
}

export interface Scenario {
  title: string
  /** The button that throws. */
  button: string
  /** Innermost first; other frames may lie between them, but none before the first. */
  frames: [ExpectedFrame, ...ExpectedFrame[]]
}

export const scenarios: Scenario[] = [
  {
    title: 'Entry',
    button: 'total',
    frames: [
      { file: 'src/cart.ts', text: 'const { percent } = product.discount as { percent: number }' },
      { file: 'src/cart.ts', text: 'return Math.round(discountedPrice(product)) * quantity' },
      { file: 'src/cart.ts', text: 'return lines.reduce((total, line) => total + subtotalOf(line), 0)' },
      { file: 'src/main.ts', text: 'output.textContent = `Total: ${formatPrice(totalOf(cart))}`' },
    ],
  },
  {
    title: 'Lazy route',
    button: 'checkout',
    frames: [
      {
        file: 'src/address.ts',
        text: 'if (!/^\\d{5}$/.test(digits)) throw new SyntaxError(`“${digits}” is not a postcode`)',
      },
      { file: 'src/address.ts', text: 'return { street: street.trim(), postcode: parsePostcode(rest) }' },
      { file: 'src/routes/checkout.ts', text: 'const address = parseAddress(text)' },
      { file: 'src/routes/checkout.ts', text: 'section.append(await confirmOrder(address))' },
      { file: 'src/main.ts', text: "document.body.append(await renderCheckout(cart, '1 High Street, 12 34'))" },
    ],
  },
  {
    title: 'Worker',
    button: 'median',
    frames: [
      {
        file: 'src/statistics.ts',
        text: 'if (value === undefined) throw new RangeError(`no value ${index} among ${values.length}`)',
      },
      {
        file: 'src/statistics.ts',
        text: 'return sorted.length % 2 === 1 ? valueAt(sorted, middle) : (valueAt(sorted, middle - 1) + valueAt(sorted, middle)) / 2',
      },
      { file: 'src/worker.ts', text: 'const median = medianOf(data)' },
    ],
  },
]
