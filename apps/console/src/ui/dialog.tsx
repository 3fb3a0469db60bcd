import { Modal } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import classes from './dialog.module.css';

type Props = {
  opened: boolean;
  /** Left out if the dialog may only be left by what stands in it. */
  onClose?: () => void;
  title: string;
  size?: 'md' | 'lg';
  /** Over the dialogs that are open already. */
  isAbove?: boolean;
  children: ReactNode;
};

const stay = () => {};
// Mantine's dialogs stand at 200.
const ABOVE = 300;

/** Mantine gives the focus back to where it came from when a dialog closes, but not when it is taken away open. */
const useFocusBack = (opened: boolean) => {
  useEffect(() => {
    if (!opened) return;
    const before = document.activeElement;
    return () => {
      if (document.activeElement !== document.body) return;
      const back = before instanceof HTMLElement && before.isConnected ? before : document.getElementById('main');
      back?.focus({ preventScroll: true });
    };
  }, [opened]);
};

export const Dialog = ({ opened, onClose, title, size = 'md', isAbove = false, children }: Props) => {
  useFocusBack(opened);
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose ?? stay}
      closeOnEscape={onClose !== undefined}
      closeOnClickOutside={onClose !== undefined}
      size={size}
      {...(isAbove && { zIndex: ABOVE })}
      centered
      // Mantine's scroll lock writes a <style> element, which the content security policy refuses; global.css locks.
      lockScroll={false}
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content>
        {/* Not Modal.Header: that is a <header>, and a second banner on the page. */}
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          {onClose && <Modal.CloseButton aria-label="Close" />}
        </div>
        <Modal.Body className={classes.body}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
};
