export interface Address {
  street: string
  postcode: string
}

export function parseAddress(text: string): Address {
  const [street = '', rest = ''] = text.split(',')
  return { street: street.trim(), postcode: parsePostcode(rest) }
}

function parsePostcode(text: string): string {
  const digits = text.replace(/\s/g, '')
  if (!/^\d{5}$/.test(digits)) throw new SyntaxError(`“${digits}” is not a postcode`)
  return digits
}
