package io.memmap.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/** The name of a local lock, which belongs to whose file has it. */
record LockFile(Path path) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int STICKY = 01000;
    private static final int GROUP_AND_OTHERS_WRITE = 0022;

    /** The state of the system's lock on a file. */
    enum State {
        /** No process of this kernel has it, nor of another host where the file system tells. */
        FREE,
        HELD,
        /** The file system has no locks. */
        UNKNOWN
    }

    /**
     * The running kernel and the file system of a directory, between whose users the system's lock decides; null where it
     * never does. Other kernels, and other mounts of the same network file system, may have locks of their own. On FUSE and
     * 9p each name of a file may have: the lock is taken under another name than it is looked for.
     */
    static String kernel(Path directory) {
        try {
            String type = Files.getFileStore(directory).type();
            return type.startsWith("fuse") || type.equals("9p")
                    ? null
                    : Files.readString(BOOT_ID).strip() + "/" + Files.getAttribute(directory, "unix:dev");
        } catch (IOException e) {
            return null;
        }
    }

    /** A name for a file that is no lock yet, or none any more. */
    Path inProgress() {
        return LocalStorage.local(HiddenNames.inProgress(path.toString()));
    }

    /** Creates a file that is to get the name. Those who may remove it may lock it, and so learn whether its holder lives. */
    static FileChannel create(Path own, byte[] text) throws IOException {
        FileChannel channel =
                FileChannel.open(own, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            int directory = (Integer) Files.getAttribute(own.getParent(), "unix:mode");
            if ((directory & STICKY) == 0) {
                admit(own, directory & GROUP_AND_OTHERS_WRITE);
            }
            channel.write(ByteBuffer.wrap(text));
            channel.force(true);
            return channel;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private static void admit(Path own, int writers) throws IOException {
        int mode = (Integer) Files.getAttribute(own, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0777;
        if ((mode | writers) != mode) {
            try {
                Files.setAttribute(own, "unix:mode", mode | writers, LinkOption.NOFOLLOW_LINKS);
            } catch (FileSystemException e) {
                // A mount whose files have one fixed owner and mode: others may write them, or never could.
            }
        }
    }

    /** Gives a file the name, unless another one has it. */
    boolean nameIs(Path own) throws IOException {
        try {
            Files.createLink(path, own);
            return true;
        } catch (FileAlreadyExistsException e) {
            return isNamed(own);
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return moveToName(own);
        }
    }

    /** The same on a file system without hard links: only one of many creates the empty file that its own one replaces. */
    private boolean moveToName(Path own) throws IOException {
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            return isNamed(own);
        }
        Files.move(own, path, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /** Returns true if the file has the name: a server whose answer is lost is asked once more, and then says that it exists. */
    private boolean isNamed(Path own) throws IOException {
        return attributes(own).fileKey().equals(attributes().fileKey());
    }

    /** Opens the file that has the name, of which this JVM has no descriptor; null where this user may not open it. */
    FileChannel open() throws IOException {
        Set<OpenOption> reading = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        Set<OpenOption> writing = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        for (Set<OpenOption> access : List.of(writing, reading)) {
            try {
                return FileChannel.open(path, access);
            } catch (AccessDeniedException e) {
                // Reading is enough to learn whether it is locked.
            }
        }
        return null;
    }

    /** Takes the system's lock, a shared one through a channel that only reads. */
    static State lock(FileChannel channel) {
        try {
            return tryLock(channel) == null ? State.HELD : State.FREE;
        } catch (OverlappingFileLockException e) {
            return State.HELD;
        } catch (IOException e) {
            return State.UNKNOWN;
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (NonWritableChannelException e) {
            return channel.tryLock(0, Long.MAX_VALUE, true);
        }
    }

    static String text(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(TargetLock.MAX_NBYTES);
        PositionedInput.fill(channel, bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    /** The attributes of the file that has the name; the key tells one file from another while either is open. */
    BasicFileAttributes attributes() throws IOException {
        return attributes(path);
    }

    static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes the file that has the name if its key is this one, or null: by renaming it, as another may come in between. */
    void remove(Object expected) throws IOException {
        Path away = inProgress();
        try {
            Files.move(path, away, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return;
        }
        try {
            if (expected != null && !expected.equals(attributes(away).fileKey())) {
                // Unless a third one has the name by now.
                nameIs(away);
            }
        } finally {
            Files.deleteIfExists(away);
        }
    }
}
