import { useEffect, useRef } from 'react';

let isFirstPage = true;

/**
 * For the page's h1: names the document, and takes the focus after a navigation so that a screen reader announces the
 * page. Not on the first page, where the browser announces it and the skip link comes first.
 */
export const usePageHeading = (title: string) => {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · Bastionary`;
  }, [title]);

  useEffect(() => {
    const hasFocusAlready = document.activeElement instanceof HTMLInputElement;
    if (!isFirstPage && !hasFocusAlready) heading.current?.focus({ preventScroll: true });
    isFirstPage = false;
  }, []);

  return heading;
};
