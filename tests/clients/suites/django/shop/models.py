"""Models with a field of every type."""
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint  # noqa: F401 (that it imports)
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, DecimalRangeField, IntegerRangeField
from django.contrib.postgres.indexes import BrinIndex, GinIndex, HashIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower


class Author(models.Model):
    name = models.CharField(max_length=100, unique=True)
    email = models.EmailField(blank=True, db_index=True)
    born = models.DateField(null=True)

    class Meta:
        ordering = ["name"]


class Tag(models.Model):
    slug = models.SlugField(primary_key=True)


class Book(models.Model):
    class Kind(models.TextChoices):
        NOVEL = "n", "Novel"
        ESSAY = "e", "Essay"

    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    editor = models.ForeignKey(Author, on_delete=models.SET_NULL, null=True, related_name="edited")
    sequel_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True)
    tags = models.ManyToManyField(Tag, through="Tagging")
    kind = models.CharField(max_length=1, choices=Kind.choices, default=Kind.NOVEL)
    price = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    pages = models.PositiveIntegerField(default=0)
    published = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(check=models.Q(price__gte=0), name="price_not_negative"),
                       models.UniqueConstraint(fields=["author", "title"], name="one_title"),
                       models.UniqueConstraint(fields=["author"], condition=models.Q(kind="e"), name="one_essay")]
        indexes = [models.Index(fields=["-published", "title"], name="book_published"), models.Index(Lower("title"), name="book_lower"),
                   models.Index(fields=["price"], include=["pages"], name="book_price"), models.Index(fields=["pages"], condition=models.Q(pages__gt=100), name="book_long")]


class Tagging(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    weight = models.SmallIntegerField(default=1)

    class Meta:
        unique_together = [("book", "tag")]


class Everything(models.Model):
    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    big = models.BigIntegerField(null=True)
    binary = models.BinaryField(null=True)
    boolean = models.BooleanField(default=False)
    maybe = models.BooleanField(null=True)
    char = models.CharField(max_length=20, null=True)
    date = models.DateField(null=True)
    at = models.DateTimeField(null=True)
    made = models.DateTimeField(auto_now_add=True)
    decimal = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    gap = models.DurationField(null=True)
    file = models.FileField(null=True)
    real = models.FloatField(null=True)
    ip = models.GenericIPAddressField(null=True)
    integer = models.IntegerField(null=True)
    doc = models.JSONField(null=True)
    positive = models.PositiveBigIntegerField(null=True)
    small = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(null=True)
    time = models.TimeField(null=True)
    url = models.URLField(null=True)
    words = ArrayField(models.CharField(max_length=20), null=True)
    grid = ArrayField(ArrayField(models.IntegerField()), null=True)
    span = IntegerRangeField(null=True)
    days = DateRangeField(null=True)
    times = DateTimeRangeField(null=True)
    amounts = DecimalRangeField(null=True)
    search = SearchVectorField(null=True)

    class Meta:
        indexes = [GinIndex(fields=["doc"], name="every_doc"), GinIndex(fields=["words"], name="every_words"), BrinIndex(fields=["made"], name="every_made"), HashIndex(fields=["char"], name="every_char")]
