import { useEffect, useState } from 'react';

const copyText = async (text: string) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // An installation reached over plain HTTP by name has no clipboard API.
  const field = document.createElement('textarea');
  field.value = text;
  field.setAttribute('readonly', '');
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (!copied) throw new Error('the browser refused to copy');
};

/** `copied` is true for two seconds after a copy. */
export const useCopy = () => {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return {
    copied,
    copy: (text: string) =>
      copyText(text).then(
        () => setCopied(true),
        () => setCopied(false),
      ),
  };
};
