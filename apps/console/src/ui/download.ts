/** Hands a text to the browser as a file. */
export const download = (fileName: string, content: string, type = 'text/plain') => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
};
