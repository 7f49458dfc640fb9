/* The picture that a new hotspot begins with, until the author has a better one: two boxes, drawn plainly. */
export const EXAMPLE_PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="240" viewBox="0 0 480 240"><rect width="480" height="240" fill="#ffffff"/>' +
  '<g fill="#e1eef0" stroke="#0d5663" stroke-width="3"><rect x="40" y="60" width="160" height="120" rx="10"/><rect x="280" y="60" width="160" height="120" rx="10"/></g>' +
  '<g fill="#1b2326" font-family="sans-serif" font-size="40" text-anchor="middle"><text x="120" y="134">A</text><text x="360" y="134">B</text></g></svg>';
