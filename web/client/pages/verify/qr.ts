/* QR codes in pictures: what a camera sees, or a photo. The decoder is loaded when somebody asks for it. */
import decode from 'qr/decode.js';

const SIDE_MAX = 1600; /* pixels: larger photos are made smaller first */

export function codeIn(image: ImageData): string | null {
  try {
    return decode({ width: image.width, height: image.height, data: image.data });
  } catch {
    return null; /* no code, or not a whole one */
  }
}

/* Draws what is there, as large as is useful; null: there is nothing yet. */
export function grab(source: CanvasImageSource, width: number, height: number): ImageData | null {
  if (!width || !height) return null;
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export async function readPicture(file: Blob): Promise<string | null> {
  const bitmap = await createImageBitmap(file);
  try {
    const image = grab(bitmap, bitmap.width, bitmap.height);
    return image && codeIn(image);
  } finally {
    bitmap.close();
  }
}
