package io.efsnas.data.prepare;

import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.network.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Images as files. */
final class StoredImage {

    private static final float JPEG_QUALITY = 0.95f;

    private StoredImage() {}

    /** The ending of the name of a JPEG or PNG file, by its first bytes. */
    static String ending(byte[] file) {
        return file[0] == (byte) 0xFF ? "jpg" : "png";
    }

    static byte[] encode(Decoded image, Encoding encoding) throws IOException {
        ImageWriter writer =
                ImageIO.getImageWritersByFormatName(encoding.toString()).next();
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
                writer.setOutput(out);
                ImageWriteParam settings = writer.getDefaultWriteParam();
                if (encoding == Encoding.JPEG) {
                    settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                    settings.setCompressionQuality(JPEG_QUALITY);
                }
                writer.write(null, new IIOImage(interleaved(image), null, null), settings);
            }
            return bytes.toByteArray();
        } finally {
            writer.dispose();
        }
    }

    private static BufferedImage interleaved(Decoded image) {
        Shape shape = image.shape();
        BufferedImage made = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] pixels = ((DataBufferByte) made.getRaster().getDataBuffer()).getData();
        int plane = shape.pixels();
        for (int i = 0; i < plane; i++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                pixels[shape.channels() * (i + 1) - 1 - channel] = image.pixels()[channel * plane + i];
            }
        }
        return made;
    }
}
