package org.onlooker.ingest;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.onlooker.core.Jpeg;

/** JPEGs as the JDK reads them. */
final class Jpegs {
  private Jpegs() {}

  static BufferedImage read(Jpeg jpeg) throws IOException {
    return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(jpeg.bytes())));
  }

  static String size(Jpeg jpeg) throws IOException {
    BufferedImage image = read(jpeg);
    return image.getWidth() + "x" + image.getHeight();
  }
}
