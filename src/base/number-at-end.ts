// The number that a text ends with.

/** Of its digits the last nine; 0 where it ends with none. */
export function numberAtEnd(text: string): number {
  let number = 0
  let scale = 1
  for (let at = text.length - 1; at >= 0 && scale < 1e9; at--) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) break
    number += digit * scale
    scale *= 10
  }
  return number
}
